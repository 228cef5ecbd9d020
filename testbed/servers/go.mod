module orkestra.dev/testbed/servers

go 1.24.0
