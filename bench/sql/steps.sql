-- Steps of every case (temporary table `course`), where each stands, and what the chart shows beside.

-- `day` is when the present door of an open step opened
CREATE TEMP TABLE stands AS
SELECT row_number() OVER (ORDER BY c.id, k.position) AS id, c.id AS case_id, c.clinic, c.n, c.n_open,
       c.referral_on, c.urgency, c.clinician, c.coordinator, k.position, k.pathway, k.code, k.modality,
       k.label, k.captures, k.by_order, k.position > c.n - c.n_open AS is_open, 'done' AS stage,
       c.referral_on + 9 * k.position AS day
FROM course c
JOIN kinds k ON k.position <= c.n AND k.line = CASE WHEN k.position <= 8 THEN 0 ELSE c.line END;

UPDATE stands SET
  day = current_date - pg_temp.pick(id, 22, 45)::int,
  stage = CASE
    WHEN position > n - n_open + 1 AND pg_temp.chance(id, 20) < 0.45 THEN 'waiting'
    ELSE (ARRAY['to_book', 'to_book', 'to_book', 'booked', 'booked', 'booked', 'booked',
                'awaiting_result', 'awaiting_result', 'awaiting_result', 'awaiting_result',
                'awaiting_result', 'to_review', 'to_review', 'to_review', 'on_hold',
                'to_order', 'to_order', 'to_tell', 'to_tell'])
         [1 + pg_temp.pick(id, 21, CASE WHEN by_order THEN 20 ELSE 16 END)] END
WHERE is_open;

-- `passed` counts the doors behind a step: 1 ordered, 2 performed, 3 reported, 4 reviewed, 5 told
CREATE TEMP VIEW acts AS
SELECT *, day - 5 * passed + time '10:00' AS began_at,
       CASE WHEN stage IN ('to_book', 'booked', 'awaiting_result') THEN 'coordinator'
            ELSE 'clinician' END AS role
FROM (SELECT *, CASE stage WHEN 'to_book' THEN 1 WHEN 'booked' THEN 1 WHEN 'awaiting_result' THEN 2
                  WHEN 'to_review' THEN 3 WHEN 'to_tell' THEN 4 WHEN 'done' THEN 5 ELSE 0 END AS passed
      FROM stands) each;

INSERT INTO workflows_step (
  id, clinic_id, case_id, patient_id, code, pathway, modality, label, captures, capture_key, definition,
  ordered_at, ordered_by_id, sent_to, booked_for,
  performed_on, performed_by_id, reported_at, reported_on, reported_by_id,
  reviewed_at, reviewed_by_id, review_outcome, review_note, told_at, told_by_id, told_how,
  held_until, hold_reason, snooze_reason, not_reached, note, ended, ended_reason, ended_rule,
  activated_on, activated_rule, profile, result_status, facts, captured, summary,
  flag,
  stage, is_open, door,
  owner_id, owner_role, due_on,
  door_open_since, urgency, because, waits_for, version)
SELECT
  id, clinic, case_id, case_id, code, pathway, modality, label, captures, '', '{}',
  CASE WHEN by_order AND passed >= 1 THEN began_at END,
  CASE WHEN by_order AND passed >= 1 THEN clinician END,
  CASE WHEN by_order AND passed >= 1
       THEN (ARRAY['Core Laboratory', 'Regional Genetics', 'Muscle Pathology'])[1 + pg_temp.pick(id, 32, 3)]
       ELSE '' END,
  CASE WHEN passed >= 2 OR stage = 'booked' THEN began_at + interval '5 days' END,
  CASE WHEN passed >= 2 THEN began_at::date + 5 END,
  CASE WHEN passed >= 2 THEN coordinator END,
  CASE WHEN passed >= 3 THEN began_at + interval '7 days' END,
  CASE WHEN passed >= 3 THEN began_at::date + 7 END,
  CASE WHEN passed >= 3 THEN coordinator END,
  CASE WHEN passed >= 4 THEN began_at + interval '8 days' END,
  CASE WHEN passed >= 4 THEN clinician END,
  CASE WHEN passed >= 4 AND by_order THEN 'steps' ELSE '' END,
  '',
  CASE WHEN by_order AND passed >= 5 THEN began_at + interval '9 days' END,
  CASE WHEN by_order AND passed >= 5 THEN clinician END,
  CASE WHEN by_order AND passed >= 5 THEN 'visit' ELSE '' END,
  CASE WHEN stage = 'on_hold' THEN current_date + 10 END,
  CASE WHEN stage = 'on_hold' THEN 'Patient is abroad' ELSE '' END,
  '', 0, '', '', '', '',
  referral_on, '', urgency,
  CASE WHEN passed >= 3 THEN 'final' ELSE '' END,
  '{}',
  CASE WHEN passed >= 3 THEN captures ELSE '[]' END,
  CASE WHEN passed >= 3 THEN 'Reported: ' || lower(label) ELSE '' END,
  CASE WHEN passed < 3 THEN ''
       ELSE (ARRAY['normal', 'normal', 'abnormal', 'abnormal', 'critical'])[1 + pg_temp.pick(id, 30, 5)]
       END,
  stage, is_open,
  CASE WHEN NOT is_open THEN '' WHEN passed = 0 AND by_order THEN 'ordered'
       WHEN passed < 2 THEN 'performed' WHEN passed = 2 THEN 'reported'
       WHEN passed = 3 THEN 'reviewed' ELSE 'told' END,
  CASE WHEN NOT is_open OR (role = 'coordinator' AND id % 2 = 0) THEN NULL
       WHEN role = 'clinician' THEN clinician ELSE coordinator END,
  CASE WHEN is_open THEN role ELSE '' END,
  CASE WHEN is_open AND id % 25 > 0 THEN day + 14 + pg_temp.pick(id, 31, 50)::int END,
  CASE WHEN is_open THEN day END,
  urgency, '[]', CASE WHEN stage = 'waiting' THEN '["tri_exam"]' ELSE '[]' END::jsonb, 1
FROM acts;

-- cases under way have their story: the acts on each step, questions, what is suspected
INSERT INTO audit_event (clinic_id, at, actor_id, verb, patient_id, case_id, step_id, detail)
SELECT clinic, at, actor, verb, case_id, case_id, id, '{}'
FROM acts, LATERAL (VALUES (passed >= 1 AND by_order, began_at, clinician, 'step.order'),
                           (passed >= 2, began_at + interval '5 days', coordinator, 'step.perform'),
                           (passed >= 3, began_at + interval '7 days', coordinator, 'step.report'),
                           (passed >= 4, began_at + interval '8 days', clinician, 'step.review'))
     AS act (done, at, actor, verb)
WHERE done AND n_open > 0
ORDER BY at, id;
INSERT INTO workflows_proposal (clinic_id, case_id, patient_id, key, kind, rule, target, params, level,
                                text, because, source, facts, needs_decision, state, raised_at, reason)
SELECT clinic, id, id, 'bench:alert:weakness', 'alert', 'bench', '', '{}', 'warning',
       'Breathing has not been tested', 'Weakness of the trunk', 'bench', '{}', true, 'open',
       referral_on + time '12:00', ''
FROM course WHERE n_open > 0 AND pg_temp.chance(id, 40) < 0.5;
INSERT INTO workflows_diagnosis (clinic_id, case_id, patient_id, code, label, external_id, certainty,
                                 onset_text, basis, set_at, set_by_id, told_how)
SELECT clinic, id, id, '', 'Inclusion body myositis', '', 'probable', '', 'Conclusion of the team',
       referral_on + 150 + time '15:00', clinician, ''
FROM course WHERE n_open = 0 OR pg_temp.chance(id, 41) < 0.5;

INSERT INTO workflows_tally (clinic_id, stage, sort_on, n)
SELECT clinic_id, stage, sort_on, count(*) FROM workflows_step
WHERE is_open AND twin_of_id IS NULL OR stage = 'done' GROUP BY clinic_id, stage, sort_on;
INSERT INTO workflows_stepname (clinic_id, name) SELECT DISTINCT clinic_id, label FROM workflows_step;
