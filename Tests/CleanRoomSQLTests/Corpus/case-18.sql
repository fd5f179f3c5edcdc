SELECT r.region FROM reviewing r JOIN others o ON r.email = o.email
