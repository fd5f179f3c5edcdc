SELECT So.email AND (oINCT .ne OR o.amail= v.phone)
