"""The GraphQL API: `machine` plans and executes, `rooms` declare the types, `gateway` and `http` serve them."""
