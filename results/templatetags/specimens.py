"""Where the specimens of a step are, on pages of other rooms."""

from django import template

from results.specimens.services import nothing_left, of_step

register = template.Library()
WITH_TISSUE = ("biopsy", "genetics", "labs")


@register.inclusion_tag("results/_whereabouts.html")
def whereabouts(step):
    """Each with its last move, and the way to the whole list."""
    found = of_step(step)
    return {
        "step": step,
        "specimens": found,
        "shown": found or step.modality in WITH_TISSUE,
        "nothing_left": nothing_left(step, found),
    }
