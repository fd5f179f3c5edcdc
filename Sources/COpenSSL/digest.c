#define OPENSSL_SUPPRESS_DEPRECATED
#include "COpenSSL.h"

#include <openssl/sha.h>
#include <string.h>

// The states after the padded key: what every message of one key begins with (RFC 2104).
typedef struct {
  SHA256_CTX inner, outer;
} midstates;

static void prepare(const uint8_t *key, size_t key_size, midstates *states) {
  uint8_t block[64] = {0}, pad[64];
  if (key_size > 64) {
    SHA256_CTX context;
    SHA256_Init(&context);
    SHA256_Update(&context, key, key_size);
    SHA256_Final(block, &context);
  } else {
    memcpy(block, key, key_size);
  }
  for (int i = 0; i < 64; i++) pad[i] = block[i] ^ 0x36;
  SHA256_Init(&states->inner);
  SHA256_Update(&states->inner, pad, 64);
  for (int i = 0; i < 64; i++) pad[i] = block[i] ^ 0x5c;
  SHA256_Init(&states->outer);
  SHA256_Update(&states->outer, pad, 64);
}

static void finish(const midstates *states, const uint8_t *message, size_t size, uint8_t out[32]) {
  uint8_t digest[32];
  SHA256_CTX context = states->inner;
  SHA256_Update(&context, message, size);
  SHA256_Final(digest, &context);
  context = states->outer;
  SHA256_Update(&context, digest, 32);
  SHA256_Final(out, &context);
}

void ccr_hmac_sha256(const uint8_t *key, size_t key_size, const uint8_t *message, size_t size, uint8_t out[32]) {
  midstates states;
  prepare(key, key_size, &states);
  finish(&states, message, size, out);
}

void ccr_tokens(const uint8_t *key, size_t key_size, const uint32_t *offsets, const uint8_t *data,
                const uint64_t *validity, size_t count, uint8_t *out) {
  midstates states;
  uint8_t full[32];
  prepare(key, key_size, &states);
  for (size_t i = 0; i < count; i++, out += 16) {
    if (validity && !(validity[i >> 6] >> (i & 63) & 1)) {
      memset(out, 0, 16);
      continue;
    }
    finish(&states, data + offsets[i], offsets[i + 1] - offsets[i], full);
    memcpy(out, full, 16);
  }
}
