DROP INDEX users_hash_shape;
