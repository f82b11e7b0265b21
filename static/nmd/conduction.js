/* The answers of clinical/conduction.py and clinical/needle.py while one types; no page is touched
   here. A table of cases in the tests holds both sides to the same outcome. */
const sixth = (value) => Math.round(value * 1e6) / 1e6;
const known = (...values) => values.every((value) => value !== null && value !== undefined);
const below = (value, limit) => known(value, limit) && value < limit;
const above = (value, limit) => known(value, limit) && value > limit;

function velocity(site, before) {
  if (known(site.velocity)) return [site.velocity, false];
  if (!before || !known(site.distance, site.latency, before.latency)) return [null, false];
  if (site.distance <= 0 || site.latency <= before.latency) return [null, false];
  return [Math.floor((site.distance / sixth(site.latency - before.latency)) * 10 + 0.5) / 10, true];
}

function proximal(kind, site, distal, limits, rules) {
  const tibial = kind === "tibial";
  const amplitude = site.absent ? 0 : site.amplitude;
  const valid = known(distal.amplitude, limits.amplitude) && distal.amplitude >= sixth(limits.amplitude * rules.valid);
  const block = !tibial && valid && known(amplitude) && amplitude <= sixth(distal.amplitude * rules.block);
  if (!known(site.duration, distal.duration)) return { conduction_block: block };
  const edge = sixth(distal.duration * (tibial ? rules.tibial : rules.dispersion));
  return { conduction_block: block, temporal_dispersion: tibial ? site.duration >= edge : site.duration > edge };
}

const ordered = (checks, rules) => Object.keys(rules.labels).filter((flag) => checks[flag]);

function readMotor(code, sites, limits, rules, filter) {
  const kind = code.split("_")[0];
  const distal = sites.length && ["", rules.first[code]].includes(sites[0].site) ? sites[0] : null;
  return sites.map((site, at) => {
    const [speed, computed] = velocity(site, at ? sites[at - 1] : null);
    let checks = { slow_cv: below(speed, limits.velocity), absent: site.absent };
    if (site === distal) {
      checks.low_amplitude = below(site.amplitude, limits.amplitude);
      checks.prolonged_dml = above(site.latency, limits.latency);
      checks.prolonged_distal_duration = above(site.duration, rules.durations[kind]?.[filter || rules.filter]);
    } else if (distal) checks = { ...checks, ...proximal(kind, site, distal, limits, rules) };
    checks.absent_f = site.f_persistence === 0;
    checks.prolonged_f = !checks.absent_f && above(site.f_latency, limits.f_latency);
    return { flags: ordered(checks, rules), velocity: speed, computed };
  });
}

function readSensory(sites, limits, rules) {
  return sites.map((site) => {
    const [speed, computed] = velocity(site, { latency: 0 });
    const checks = {
      absent: site.absent,
      low_amplitude: below(site.amplitude, limits.amplitude),
      prolonged_peak: above(site.peak, limits.latency),
      slow_cv: below(speed, limits.velocity),
    };
    return { flags: ordered(checks, rules), velocity: speed, computed };
  });
}

const loud = (text) => !["", "0", "+/-"].includes(text ?? "");

function readMuscle(found) {
  const denervated = loud(found.fib) || loud(found.psw);
  const ongoing = denervated || loud(found.fasciculations);
  const large = [found.muap_duration, found.muap_amplitude].includes("increased");
  const small = found.muap_duration === "decreased" && found.muap_amplitude === "decreased";
  const met = {
    active_denervation: denervated,
    chronic_reinnervation: large && ["reduced", "discrete"].includes(found.recruitment),
    myopathic: small && found.muap_polyphasia === "increased" && found.recruitment === "early",
    lmn_region_positive: ongoing && large,
  };
  return Object.keys(met).filter((code) => met[code]);
}

window.nmdConduction = { readMotor, readSensory, readMuscle };
