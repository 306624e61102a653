"""One content tree → HTML, DOCX and PDF; number phrasing; charts; tile map."""
