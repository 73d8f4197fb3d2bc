-- The formats of stored hashes that are not plain bcrypt, without salt and digest: a failed login takes the time of
-- the slowest. What follows the salt in the text of scrypt is put before it; its digest has 88 characters.
CREATE INDEX users_hash_shape ON users ((CASE substr(password_hash, 1, 7)
    WHEN 'pbkdf2_' THEN substr(password_hash, 1, instr(password_hash, '$') + instr(substr(password_hash, instr(password_hash, '$') + 1), '$'))
    WHEN 'argon2$' THEN substr(password_hash, 1, instr(password_hash, ',p=') + instr(substr(password_hash, instr(password_hash, ',p=')), '$') - 1)
    WHEN 'scrypt$' THEN substr(password_hash, 1, 7 + instr(substr(password_hash, 8), '$')) || substr(password_hash, length(password_hash) - 92, 5)
    WHEN 'doorwar' THEN 'doorward_wrap$' || substr(password_hash, length(password_hash) - 55, 2)
    END))
    WHERE substr(password_hash, 1, 7) IN ('pbkdf2_', 'argon2$', 'scrypt$', 'doorwar');
