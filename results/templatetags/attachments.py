"""Files of a step, on pages of other rooms."""

from django import template

from results.attachments import services

register = template.Library()


@register.inclusion_tag("results/_attached.html")
def attached_files(step):
    """The list alone; files are added and withdrawn beside the report."""
    return {"attached": services.of_step(step)}
