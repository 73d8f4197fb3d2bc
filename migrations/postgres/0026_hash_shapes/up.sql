-- The twin of migrations/sqlite/0026_hash_shapes, which has the comments.

CREATE INDEX users_hash_shape ON users ((CASE substr(password_hash, 1, 7)
    WHEN 'pbkdf2_' THEN substr(password_hash, 1, strpos(password_hash, '$') + strpos(substr(password_hash, strpos(password_hash, '$') + 1), '$'))
    WHEN 'argon2$' THEN substr(password_hash, 1, strpos(password_hash, ',p=') + strpos(substr(password_hash, strpos(password_hash, ',p=')), '$') - 1)
    WHEN 'scrypt$' THEN substr(password_hash, 1, 7 + strpos(substr(password_hash, 8), '$')) || substr(password_hash, length(password_hash) - 92, 5)
    WHEN 'doorwar' THEN 'doorward_wrap$' || substr(password_hash, length(password_hash) - 55, 2)
    END) COLLATE "C")
    WHERE substr(password_hash, 1, 7) IN ('pbkdf2_', 'argon2$', 'scrypt$', 'doorwar');
