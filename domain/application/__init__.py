"""The use cases (办理): what is asked at any door is decided and stored here.

``orders`` are what is asked and answered, ``use_cases`` the way from one to the other, ``memory`` what a process
remembers of the streams, ``batch`` one try to decide on it, ``aggregates`` all there are."""

from domain.application.aggregates import AGGREGATES, aggregate_class
from domain.application.orders import Answer, Instead, Order, Receipt
from domain.application.use_cases import TRIES, ApprovalSupervision

__all__ = ["AGGREGATES", "TRIES", "Answer", "ApprovalSupervision", "Instead", "Order", "Receipt", "aggregate_class"]
