// The part of DuckDB's C API that Cleanroom uses, reached through functions of our own that are bound to the engine's
// shared library at run time. Shapes and values as documented for DuckDB 1.5 (C API, "duckdb.h").
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint64_t idx_t;
typedef struct _cdb_database *cdb_database;
typedef struct _cdb_connection *cdb_connection;
typedef struct _cdb_config *cdb_config;
typedef struct _cdb_chunk *cdb_chunk;
typedef struct _cdb_vector *cdb_vector;
typedef struct _cdb_type *cdb_type;
typedef struct _cdb_appender *cdb_appender;
typedef struct _cdb_statements *cdb_statements;
typedef struct _cdb_prepared *cdb_prepared;
typedef struct _cdb_pending *cdb_pending;

// duckdb_result; all members but the last are historical.
typedef struct {
  idx_t column_count;
  idx_t row_count;
  idx_t rows_changed;
  void *columns;
  char *error_message;
  void *internal_data;
} cdb_result;

enum { CDB_SUCCESS = 0 };

// duckdb_type
enum {
  CDB_BOOLEAN = 1, CDB_TINYINT = 2, CDB_SMALLINT = 3, CDB_INTEGER = 4, CDB_BIGINT = 5, CDB_UTINYINT = 6,
  CDB_USMALLINT = 7, CDB_UINTEGER = 8, CDB_FLOAT = 10, CDB_DOUBLE = 11, CDB_TIMESTAMP = 12, CDB_DATE = 13,
  CDB_HUGEINT = 16, CDB_VARCHAR = 17, CDB_BLOB = 18, CDB_DECIMAL = 19, CDB_TIMESTAMP_S = 20,
  CDB_TIMESTAMP_MS = 21, CDB_TIMESTAMP_NS = 22, CDB_ENUM = 23, CDB_UUID = 27, CDB_TIMESTAMP_TZ = 31
};

// duckdb_error_type
enum {
  CDB_ERROR_OUT_OF_RANGE = 1, CDB_ERROR_CONVERSION = 2, CDB_ERROR_IO = 28, CDB_ERROR_INTERRUPT = 29,
  CDB_ERROR_INVALID_INPUT = 32, CDB_ERROR_OUT_OF_MEMORY = 33, CDB_ERROR_PERMISSION = 34,
  // Ours: the text is not one statement that the engine understands.
  CDB_ERROR_STATEMENT = 1000
};

// Loads the engine, once per process. `stub` may be NULL. Returns NULL on success, otherwise what is missing:
// "stub", "engine", or the name of a function that the engine does not have.
const char *cdb_load(const char *stub, const char *engine);

int cdb_create_config(cdb_config *out);
int cdb_set_config(cdb_config config, const char *name, const char *value);
void cdb_destroy_config(cdb_config *config);
int cdb_open(const char *path, cdb_database *out, cdb_config config);
void cdb_close(cdb_database *database);
int cdb_connect(cdb_database database, cdb_connection *out);
void cdb_disconnect(cdb_connection *connection);
void cdb_interrupt(cdb_connection connection);

// Runs exactly one statement; the result streams. Returns the engine's error type, or 0;
// CDB_ERROR_STATEMENT for a text that holds no statement, several, or one that cannot be prepared.
int cdb_run(cdb_connection connection, const char *sql, cdb_result *out);
void cdb_destroy_result(cdb_result *result);
// NULL at the end and on error; `*error` tells which (0: end).
cdb_chunk cdb_fetch(cdb_result *result, int *error);
// Where the source's row that the last error on this thread was about stands: line (0: not known), reason, and the
// column's name as the engine gave it, which may be anything and has to be compared with known names.
enum { CDB_ROW_UNKNOWN = 0, CDB_ROW_WIDTH = 1, CDB_ROW_ENCODING = 2, CDB_ROW_QUOTE = 3, CDB_ROW_VALUE = 4 };
typedef struct {
  uint64_t line;
  int reason;
  char column[256];
} cdb_row_fault;
cdb_row_fault cdb_last_row_fault(void);

idx_t cdb_column_count(cdb_result *result);
const char *cdb_column_name(cdb_result *result, idx_t column);
cdb_type cdb_column_type(cdb_result *result, idx_t column);

int cdb_type_id(cdb_type type);
uint8_t cdb_decimal_width(cdb_type type);
uint8_t cdb_decimal_scale(cdb_type type);
cdb_type cdb_create_type(int type);
cdb_type cdb_create_decimal_type(uint8_t width, uint8_t scale);
void cdb_destroy_type(cdb_type *type);

idx_t cdb_vector_size(void);
cdb_chunk cdb_create_chunk(cdb_type *types, idx_t count);
void cdb_destroy_chunk(cdb_chunk *chunk);
void cdb_reset_chunk(cdb_chunk chunk);
idx_t cdb_chunk_size(cdb_chunk chunk);
void cdb_set_chunk_size(cdb_chunk chunk, idx_t size);
cdb_vector cdb_chunk_vector(cdb_chunk chunk, idx_t column);
void *cdb_vector_data(cdb_vector vector);
uint64_t *cdb_vector_validity(cdb_vector vector);
void cdb_vector_make_validity(cdb_vector vector);

int cdb_create_appender(cdb_connection connection, const char *table, cdb_appender *out);
// Returns the engine's error type, or 0.
int cdb_append(cdb_appender appender, cdb_chunk chunk);
int cdb_flush_appender(cdb_appender appender);
int cdb_destroy_appender(cdb_appender *appender);

// Strings of a vector, packed: how many bytes they take, and their copy with the end offset of each.
size_t cdb_strings_size(const void *data, const uint64_t *validity, size_t count);
void cdb_strings_copy(const void *data, const uint64_t *validity, size_t count, uint32_t base, uint32_t *ends,
                      uint8_t *out);
// The other way: rows `first..<first + count` of packed strings into a vector.
void cdb_strings_assign(cdb_vector vector, const uint32_t *offsets, const uint8_t *data, const uint64_t *validity,
                        size_t first, size_t count);
