-- A database for a site with two roles: one whose the tables are, which migrates, and one that the
-- centre works as, which changes no row of the audit. A database that belonged to one role is
-- parted; stop the centre for that. As a superuser of PostgreSQL 14 or later:
--
--     psql -f deploy/postgresql.sql                   -- qingyuan, qingyuan_owner
--     psql -v site=daxing -f deploy/postgresql.sql    -- daxing, daxing_owner

\set ON_ERROR_STOP on
\if :{?site}
\else
    \set site qingyuan
\endif
\set owner :site _owner

select format('create role %I login', name) from unnest(array[:'site', :'owner']) as name
    where not exists (select from pg_roles where rolname = name) \gexec
select format('create database %I encoding ''UTF8'' template template0', :'site')
    where not exists (select from pg_database where datname = :'site') \gexec
alter database :"site" owner to :"owner";
revoke all on database :"site" from public;
grant connect on database :"site" to :"site";

\connect :"site"
reassign owned by :"site" to :"owner";
revoke all on schema public from public;
grant all on schema public to :"owner";
grant usage on schema public to :"site";
