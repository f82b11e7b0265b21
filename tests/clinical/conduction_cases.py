"""Cases of nerve conduction, judged by hand; Python and the form's script must both agree.

(nerve, sites from distal to proximal, low filter, [(flags, velocity, computed) per site]).
Limits are the vocabulary's for an adult.
"""

MOTOR = [
    # median: 4.0 mV, 4.4 ms, 49 m/s, F 31 ms; each exactly at its limit is normal
    (
        "median_m",
        [{"site": "wrist", "latency": 4.4, "amplitude": 4.0, "f_latency": 31}],
        None,
        [([], None, False)],
    ),
    (
        "median_m",
        [{"site": "wrist", "latency": 4.5, "amplitude": 3.9, "f_latency": 31.1}],
        None,
        [(["low_amplitude", "prolonged_dml", "prolonged_f"], None, False)],
    ),
    # 222 mm in 4.2 ms = 52.857 m/s
    (
        "median_m",
        [
            {"site": "wrist", "latency": 3.9, "amplitude": 4.0},
            {"site": "elbow", "latency": 8.1, "amplitude": 2.9, "distance": 222},
        ],
        None,
        [([], None, False), ([], 52.9, True)],
    ),
    # 6.0 to 4.2 mV is a fall of exactly 30 %: block; a typed velocity wins over a computed one
    (
        "ulnar_m",
        [
            {"site": "wrist", "latency": 3.0, "amplitude": 6.0},
            {"site": "below_elbow", "latency": 7.0, "amplitude": 4.3, "distance": 220},
            {"site": "above_elbow", "latency": 9.0, "amplitude": 4.2, "velocity": 48.9},
        ],
        None,
        [([], None, False), ([], 55.0, True), (["slow_cv", "conduction_block"], 48.9, False)],
    ),
    # a distal response of 1.1 mV is 18 % of 6.0: a fall proves nothing; of 1.2 mV it is valid
    (
        "ulnar_m",
        [
            {"site": "wrist", "amplitude": 1.1},
            {"site": "below_elbow", "amplitude": 0.2},
        ],
        None,
        [(["low_amplitude"], None, False), ([], None, False)],
    ),
    (
        "ulnar_m",
        [{"site": "wrist", "amplitude": 1.2}, {"site": "below_elbow", "absent": True}],
        None,
        [(["low_amplitude"], None, False), (["absent", "conduction_block"], None, False)],
    ),
    # the tibial amplitude falls in health; its duration may double
    (
        "tibial_m",
        [
            {"site": "ankle", "latency": 5.9, "amplitude": 9.6, "duration": 6.0},
            {"site": "popliteal_fossa", "amplitude": 3.0, "duration": 12.0},
        ],
        None,
        [(["prolonged_dml"], None, False), (["temporal_dispersion"], None, False)],
    ),
    # 130 % of 5.0 ms is 6.5: not above it
    (
        "fibular_edb",
        [
            {"site": "ankle", "amplitude": 2.0, "duration": 5.0},
            {"site": "below_fibular_head", "amplitude": 1.9, "duration": 6.5},
            {"site": "popliteal_fossa", "amplitude": 1.9, "duration": 6.6},
        ],
        None,
        [([], None, False), ([], None, False), (["temporal_dispersion"], None, False)],
    ),
    # distal duration: median 8.4 ms at 2 Hz, 7.4 ms at 20 Hz
    (
        "median_m",
        [{"site": "wrist", "duration": 8.0}],
        None,
        [([], None, False)],
    ),
    (
        "median_m",
        [{"site": "wrist", "duration": 8.0, "f_persistence": 0, "f_latency": 40}],
        20,
        [(["absent_f", "prolonged_distal_duration"], None, False)],
    ),
    # stimulated at the elbow alone: no distal response to hold to a limit
    (
        "median_m",
        [{"site": "elbow", "latency": 8.0, "amplitude": 1.0, "velocity": 60}],
        None,
        [([], 60, False)],
    ),
    ("median_m", [{"site": "wrist", "absent": True}], None, [(["absent"], None, False)]),
]
SENSORY = [
    # sural: 6 µV, 40 m/s, peak 4.4 ms; 140 mm in 3.2 ms = 43.75 → 43.8
    (
        "sural_s",
        [{"latency": 3.2, "peak": 4.4, "amplitude": 6, "distance": 140}],
        [([], 43.8, True)],
    ),
    (
        "sural_s",
        [{"latency": 3.6, "peak": 4.5, "amplitude": 5.9, "distance": 140}],
        [(["low_amplitude", "prolonged_peak", "slow_cv"], 38.9, True)],
    ),
    ("ulnar_s", [{"absent": True}], [(["absent"], None, False)]),
]
NEEDLE = [
    ({"fib": "+/-", "psw": "0"}, []),
    ({"psw": "1+"}, ["active_denervation"]),
    (
        {"muap_duration": "increased", "recruitment": "reduced"},
        ["chronic_reinnervation"],
    ),
    (
        {"fasciculations": "1+", "muap_amplitude": "increased", "recruitment": "normal"},
        ["lmn_region_positive"],
    ),
    (
        {
            "muap_duration": "decreased",
            "muap_amplitude": "decreased",
            "muap_polyphasia": "increased",
            "recruitment": "early",
        },
        ["myopathic"],
    ),
    ({"muap_duration": "decreased", "muap_amplitude": "decreased", "recruitment": "early"}, []),
]
