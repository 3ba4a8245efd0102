"""Acts on reviews; ``open`` is for rooms in which somebody asks for one."""

from api.platforms.documents.reviews.actions.opening import open_review as open  # noqa: A004

__all__ = ["open"]
