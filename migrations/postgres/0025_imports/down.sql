DROP TABLE import_rows;
DROP TABLE import_problems;
DROP TABLE imports;
