// Two machines' own certificates, made for tests alone; nothing trusts them.

export const certificates = [
  {
    key: [
      '-----BEGIN PRIVATE KEY-----',
      'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgSHF9DG5yW8XYi06h',
      'N17veU8RFAfDsamugCNLwU/ksVOhRANCAARFkMGQhE9OlOxbr7xdC/k0/c7uh0Z7',
      '/oDqmJXrH35/qwk20fFjrJ7OpwfymlMmKI8M+7AKBS/ZqEp/2NfP1Wrv',
      '-----END PRIVATE KEY-----',
    ].join('\n'),
    cert: [
      '-----BEGIN CERTIFICATE-----',
      'MIIBhDCCASugAwIBAgIUEP/jZfnBsnLnzirn2eYIR2tBi9YwCgYIKoZIzj0EAwIw',
      'FzEVMBMGA1UEAwwMMTkyLjE2OC4wLjI1MCAXDTI2MTEyMTIwMjMzNFoYDzIxMjYx',
      'MDI4MjAyMzM0WjAXMRUwEwYDVQQDDAwxOTIuMTY4LjAuMjUwWTATBgcqhkjOPQIB',
      'BggqhkjOPQMBBwNCAARFkMGQhE9OlOxbr7xdC/k0/c7uh0Z7/oDqmJXrH35/qwk2',
      '0fFjrJ7OpwfymlMmKI8M+7AKBS/ZqEp/2NfP1Wrvo1MwUTAdBgNVHQ4EFgQU4X0d',
      'Q/yIBBv+i2b8RfBxO8LV5dAwHwYDVR0jBBgwFoAU4X0dQ/yIBBv+i2b8RfBxO8LV',
      '5dAwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNHADBEAiAFK9JI5Y3QI31s',
      '2N56RwGg+O9DIBSJw6LBas3Mf+kcowIgANBBbTHx5MXrfeu45wzh1DQv1/lfdW2J',
      'NmtzazBnXlQ=',
      '-----END CERTIFICATE-----',
    ].join('\n'),
  },
  {
    key: [
      '-----BEGIN PRIVATE KEY-----',
      'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg4v0JTW5Dp2d2o/18',
      'X1xyiJ0tFcOEGV2lKTqygJi4p8yhRANCAASQB7LKe8vR2W/I/vqkoXr2L+lQZ4XH',
      '70Xl+7w4ykR4mWK2k4e97+283wbGab8/TPcCEZavcaa3w/kw+lYuiVA8',
      '-----END PRIVATE KEY-----',
    ].join('\n'),
    cert: [
      '-----BEGIN CERTIFICATE-----',
      'MIIBhDCCASugAwIBAgIUQDpfugIzG3Lsf1tRM2Kk0198228wCgYIKoZIzj0EAwIw',
      'FzEVMBMGA1UEAwwMMTkyLjE2OC4wLjI1MCAXDTI2MTEyMTIwMjMzNFoYDzIxMjYx',
      'MDI4MjAyMzM0WjAXMRUwEwYDVQQDDAwxOTIuMTY4LjAuMjUwWTATBgcqhkjOPQIB',
      'BggqhkjOPQMBBwNCAASQB7LKe8vR2W/I/vqkoXr2L+lQZ4XH70Xl+7w4ykR4mWK2',
      'k4e97+283wbGab8/TPcCEZavcaa3w/kw+lYuiVA8o1MwUTAdBgNVHQ4EFgQU8I45',
      'dt309OHuDuBkiB9c36/v8hswHwYDVR0jBBgwFoAU8I45dt309OHuDuBkiB9c36/v',
      '8hswDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNHADBEAiBXZqYlUKT97ztn',
      'sHpiGKaultAv2YfHblEi4ZLxnmFAQQIgFF3BWAbxOeg9OLelLZjrhnMxZc0g/79x',
      'hBD0kcKFFhQ=',
      '-----END CERTIFICATE-----',
    ].join('\n'),
  },
] as const
