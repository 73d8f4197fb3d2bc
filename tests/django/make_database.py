# Makes an empty database, replacing the one with its name: make_database.py URL_OF_THE_SERVER NAME
import sys
from urllib.parse import unquote, urlsplit

url, name = urlsplit(sys.argv[1]), sys.argv[2]
if url.scheme == "mysql":
    import pymysql

    password = unquote(url.password or "")
    server = pymysql.connect(host=url.hostname, port=url.port, user=unquote(url.username), password=password)
    # Else names that differ by letter case alone are equal.
    options = " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"
    execute = server.cursor().execute
else:
    import psycopg

    options, execute = "", psycopg.connect(sys.argv[1], autocommit=True).execute
execute(f"DROP DATABASE IF EXISTS {name}")
execute(f"CREATE DATABASE {name}{options}")
