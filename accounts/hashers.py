from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """Argon2id at the OWASP minimum: with 100 MiB each, a few sign-ins fill a small server."""

    time_cost = 2
    memory_cost = 19 * 1024  # KiB
    parallelism = 1
