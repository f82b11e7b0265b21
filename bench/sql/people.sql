-- Rows by the set, not through the services. Session settings bench.steps, bench.clinics and
-- bench.seed say how many and which, bench.under_way and bench.open how many per cent of the cases
-- are under way and of their steps open; the temporary tables names, tails and kinds say what they are
-- called. Every value follows from (key, seed) and the day, so the same seed makes the same stock.

CREATE FUNCTION pg_temp.wish(word text) RETURNS bigint LANGUAGE sql STABLE AS
  $$ SELECT current_setting('bench.' || word)::bigint $$;
-- a number in [0, 1) that looks random and is not
CREATE FUNCTION pg_temp.chance(key bigint, salt int) RETURNS float8 LANGUAGE sql STABLE AS
  $$ SELECT (hashint8extended(key, salt + 1000 * pg_temp.wish('seed')) & 16777215) / 16777216.0 $$;
CREATE FUNCTION pg_temp.pick(key bigint, salt int, among bigint) RETURNS bigint LANGUAGE sql STABLE
  AS $$ SELECT floor(pg_temp.chance(key, salt) * among)::bigint $$;

INSERT INTO accounts_clinic (id, code, name, country, time_zone)
SELECT k, 'site-' || k, 'Site ' || k || ' Neuromuscular', 'GB', 'Europe/London'
FROM generate_series(1, pg_temp.wish('clinics')) k;

-- three clinicians and two coordinators a clinic, one clinician who works in three, one in ten
INSERT INTO accounts_user (id, password, is_superuser, email, title, given_name, family_name, is_active)
SELECT u, CASE WHEN u = 1 THEN current_setting('bench.password') ELSE '!' END, false,
       'user-' || u || '@bench.example', '', given.name, family.name, true
FROM generate_series(1, 5 * pg_temp.wish('clinics')) u
JOIN names given ON given.kind = 'given' AND given.n = u % 40
JOIN names family ON family.kind = 'family' AND family.n = (u * 37) % 400;
INSERT INTO accounts_user (id, password, is_superuser, email, title, given_name, family_name, is_active)
SELECT max(u.id) + more.n, current_setting('bench.password'), false, more.name || '@bench.example',
       'Dr', initcap(more.name), 'Sites', true
FROM accounts_user u, (VALUES (1, 'three'), (2, 'ten')) AS more (n, name) GROUP BY more.n, more.name;
INSERT INTO accounts_membership (user_id, clinic_id, role, starts_on)
SELECT u.id, 1 + (u.id - 1) / 5, CASE WHEN (u.id - 1) % 5 < 3 THEN 'clinician' ELSE 'coordinator' END,
       current_date - 400
FROM accounts_user u WHERE u.id <= 5 * pg_temp.wish('clinics')
UNION ALL
SELECT u.id, k, 'clinician', current_date - 400
FROM (VALUES (3, 'three'), (10, 'ten')) AS more (sites, name)
JOIN accounts_user u ON u.email = more.name || '@bench.example',
     generate_series(1, least(more.sites, pg_temp.wish('clinics'))) k;

-- one case a patient: 4 to 16 steps, 10 in the mean
CREATE TEMP TABLE course AS
SELECT c AS id, 1 + c % pg_temp.wish('clinics') AS clinic, n,
       CASE WHEN under_way THEN round(pg_temp.wish('open') / 100.0 * n)::int ELSE 0 END AS n_open,
       current_date - CASE WHEN under_way THEN 20 + pg_temp.pick(c, 3, 200)
                           ELSE 200 + pg_temp.pick(c, 3, 900) END::int AS referral_on,
       pg_temp.pick(c, 4, (SELECT max(line) FROM kinds)) + 1 AS line,
       (c % pg_temp.wish('clinics')) * 5 + 1 + pg_temp.pick(c, 5, 3) AS clinician,
       (c % pg_temp.wish('clinics')) * 5 + 4 + pg_temp.pick(c, 6, 2) AS coordinator,
       (ARRAY['emergency', 'urgent', 'soon', 'soon', 'routine', 'routine'])[1 + pg_temp.pick(c, 7, 6)]
         AS urgency
FROM (SELECT c, 100 * pg_temp.chance(c, 2) < pg_temp.wish('under_way') AS under_way,
             10 + pg_temp.pick((c + 1) / 2, 1, 7)::int
                  * CASE WHEN (c % 2 = 0) = (pg_temp.chance((c + 1) / 2, 0) < 0.5)
                         THEN 1 ELSE -1 END AS n
      FROM generate_series(1, pg_temp.wish('steps') / 10) c) each;

INSERT INTO patients_patient (id, clinic_id, given_names, family_name, birth_on, birth_precision,
                              stated_age, sex, vital_status, search_key, version)
SELECT c.id, c.clinic, given.name, family.name, current_date - 700 - pg_temp.pick(c.id, 10, 30000)::int,
       'day', '', (ARRAY['female', 'male'])[1 + c.id % 2], 'alive',
       family.folded || ' ' || given.folded, 1
FROM course c
JOIN names given ON given.kind = 'given' AND given.n = pg_temp.pick(c.id, 11, 40)
JOIN names family ON family.kind = 'family' AND family.n = pg_temp.pick(c.id, 12, 1600);
INSERT INTO patients_identifier (clinic_id, patient_id, system, value)
SELECT clinic, id, 'MRN', to_char(id, 'FM00000000') FROM course;
INSERT INTO patients_nametail (clinic_id, patient_id, tail)
SELECT DISTINCT p.clinic_id, p.id, t.tail
FROM patients_patient p
JOIN tails t ON t.name IN (p.given_names, p.family_name);
INSERT INTO patients_relative (clinic_id, patient_id, relation, name, sex, affected, condition,
                               deceased, note)
SELECT clinic, id, 'mother', '', 'female', 'no', '', false, '' FROM course WHERE id % 3 = 0;

INSERT INTO workflows_case (id, clinic_id, patient_id, referral_on, reason, symptoms, onset_precision,
                            onset_text, urgency, clinician_id, coordinator_id, opened_at, closed_at,
                            closed_reason, facts, version)
SELECT id, clinic, id, referral_on, 'Weakness of the legs', '[]', 'unknown', '', urgency, clinician,
       coordinator, referral_on + time '09:00',
       CASE WHEN n_open = 0 AND id % 10 < 7 THEN referral_on + 190 + time '16:00' END,
       CASE WHEN n_open = 0 AND id % 10 < 7 THEN 'Diagnosis told' ELSE '' END, '{}', 1
FROM course;
INSERT INTO workflows_casepathway (clinic_id, case_id, pathway, version, started_on, rule)
SELECT clinic, id, 'undifferentiated', 1, referral_on, '' FROM course
UNION ALL
SELECT DISTINCT c.clinic, c.id, k.pathway, 1, c.referral_on + 20, ''
FROM course c JOIN kinds k USING (line) WHERE c.n > 8 AND k.line > 0 AND k.position > 8;
