from allauth.account.adapter import DefaultAccountAdapter


class NoSignup(DefaultAccountAdapter):
    """Accounts are made by an admin; nobody signs herself up to a clinical system."""

    def is_open_for_signup(self, request):
        return False
