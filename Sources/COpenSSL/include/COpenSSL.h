// Keyed SHA-256 over whole columns, on OpenSSL's block function. Only what Cleanroom's tokens need.
#pragma once

#include <stddef.h>
#include <stdint.h>

// HMAC-SHA-256 of one message. `out` takes 32 bytes.
void ccr_hmac_sha256(const uint8_t *key, size_t key_size, const uint8_t *message, size_t size, uint8_t out[32]);

// The first 16 bytes of HMAC-SHA-256(key, message i) for every i, where message i is
// data[offsets[i]..<offsets[i + 1]]. Rows whose validity bit is clear get zeros; `validity` may be NULL.
// `key_size` is at most 64.
void ccr_tokens(const uint8_t *key, size_t key_size, const uint32_t *offsets, const uint8_t *data,
                const uint64_t *validity, size_t count, uint8_t *out);
