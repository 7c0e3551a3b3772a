-- SPDX-License-Identifier: EUPL-1.2
-- The account and the database of a buyer group:
--   psql -v group=kopgroep -v password=... -f database.sql
create role :"group" login password :'password';
grant pg_monitor to :"group";
create database :"group" owner :"group";
