"""Parks that figures name: the codes under which the register keeps them."""

TIANSHUI_PARK = "tianshui-park"
"""The vocational education park of Tianshui."""
FIRST_PHASE = 1
