DROP TABLE secrets;
DROP TABLE one_time_keys;
DROP TABLE throttles;
DROP TABLE audit;
DROP TABLE users;
