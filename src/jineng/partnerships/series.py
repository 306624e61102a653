"""Bodies that figures name: the codes under which the register keeps them."""

YELLOW_RIVER_ALLIANCE = "yellow-river-alliance"
"""The alliance of vocational education of the Yellow River basin."""
SINO_GERMAN_COLLEGE = "sino-german-college"
"""The Sino-German college of the province."""
