DROP TABLE served_origin;
DROP TABLE stale_keys;
