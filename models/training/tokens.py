"""Ids of the control tokens that training needs; models/tokenizer.json has them all, in this order, as its last tokens."""

# `<|endoftext|>`, behind every answer.
END = 2040
# `<|pad|>`, behind the shorter rows of a batch.
PAD = 2041
# `<|out|>`, between a prompt or a comment and what answers it.
OUT = 2047
