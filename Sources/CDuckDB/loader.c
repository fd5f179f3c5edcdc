#include "CDuckDB.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

// Every engine function: result type, name after "duckdb_", parameters.
#define FUNCTIONS(F)                                                        \
  F(int, create_config, (cdb_config *))                                     \
  F(int, set_config, (cdb_config, const char *, const char *))              \
  F(void, destroy_config, (cdb_config *))                                   \
  F(int, open_ext, (const char *, cdb_database *, cdb_config, char **))     \
  F(void, close, (cdb_database *))                                          \
  F(int, connect, (cdb_database, cdb_connection *))                         \
  F(void, disconnect, (cdb_connection *))                                   \
  F(void, interrupt, (cdb_connection))                                      \
  F(void, free, (void *))                                                   \
  F(idx_t, extract_statements, (cdb_connection, const char *, cdb_statements *)) \
  F(int, prepare_extracted_statement, (cdb_connection, cdb_statements, idx_t, cdb_prepared *)) \
  F(void, destroy_extracted, (cdb_statements *))                            \
  F(void, destroy_prepare, (cdb_prepared *))                                \
  F(const char *, prepare_error, (cdb_prepared))                            \
  F(int, pending_prepared_streaming, (cdb_prepared, cdb_pending *))         \
  F(int, execute_pending, (cdb_pending, cdb_result *))                      \
  F(void, destroy_pending, (cdb_pending *))                                 \
  F(const char *, pending_error, (cdb_pending))                             \
  F(void, destroy_result, (cdb_result *))                                   \
  F(const char *, result_error, (cdb_result *))                             \
  F(int, result_error_type, (cdb_result))                                   \
  F(cdb_chunk, fetch_chunk, (cdb_result))                                   \
  F(idx_t, column_count, (cdb_result *))                                    \
  F(const char *, column_name, (cdb_result *, idx_t))                       \
  F(cdb_type, column_logical_type, (cdb_result *, idx_t))                   \
  F(int, get_type_id, (cdb_type))                                           \
  F(uint8_t, decimal_width, (cdb_type))                                     \
  F(uint8_t, decimal_scale, (cdb_type))                                     \
  F(cdb_type, create_logical_type, (int))                                   \
  F(cdb_type, create_decimal_type, (uint8_t, uint8_t))                      \
  F(void, destroy_logical_type, (cdb_type *))                               \
  F(idx_t, vector_size, (void))                                             \
  F(cdb_chunk, create_data_chunk, (cdb_type *, idx_t))                      \
  F(void, destroy_data_chunk, (cdb_chunk *))                                \
  F(void, data_chunk_reset, (cdb_chunk))                                    \
  F(idx_t, data_chunk_get_size, (cdb_chunk))                                \
  F(void, data_chunk_set_size, (cdb_chunk, idx_t))                          \
  F(cdb_vector, data_chunk_get_vector, (cdb_chunk, idx_t))                  \
  F(void *, vector_get_data, (cdb_vector))                                  \
  F(uint64_t *, vector_get_validity, (cdb_vector))                          \
  F(void, vector_ensure_validity_writable, (cdb_vector))                    \
  F(void, vector_assign_string_element_len, (cdb_vector, idx_t, const char *, idx_t)) \
  F(int, appender_create, (cdb_connection, const char *, const char *, cdb_appender *)) \
  F(int, append_data_chunk, (cdb_appender, cdb_chunk))                      \
  F(int, appender_flush, (cdb_appender))                                    \
  F(int, appender_destroy, (cdb_appender *))

#define DECLARE(result, name, parameters) static result(*engine_##name) parameters;
FUNCTIONS(DECLARE)

static pthread_once_t once = PTHREAD_ONCE_INIT;
static const char *stub_path, *engine_path, *missing;

static void load(void) {
  if (stub_path && !dlopen(stub_path, RTLD_NOW | RTLD_GLOBAL)) {
    missing = "stub";
    return;
  }
  void *engine = dlopen(engine_path, RTLD_LAZY | RTLD_LOCAL);
  if (!engine) {
    missing = "engine";
    return;
  }
#define BIND(result, name, parameters)                                      \
  if (!(*(void **)&engine_##name = dlsym(engine, "duckdb_" #name))) missing = "duckdb_" #name;
  FUNCTIONS(BIND)
}

const char *cdb_load(const char *stub, const char *engine) {
  stub_path = stub;
  engine_path = engine;
  pthread_once(&once, load);
  return missing;
}

int cdb_create_config(cdb_config *out) { return engine_create_config(out); }
int cdb_set_config(cdb_config config, const char *name, const char *value) {
  return engine_set_config(config, name, value);
}
void cdb_destroy_config(cdb_config *config) { engine_destroy_config(config); }

int cdb_open(const char *path, cdb_database *out, cdb_config config) {
  char *error = NULL;
  int state = engine_open_ext(path, out, config, &error);
  // The engine's words stay here: they may quote what nobody should see.
  if (error) engine_free(error);
  return state;
}
void cdb_close(cdb_database *database) { engine_close(database); }
int cdb_connect(cdb_database database, cdb_connection *out) { return engine_connect(database, out); }
void cdb_disconnect(cdb_connection *connection) { engine_disconnect(connection); }
void cdb_interrupt(cdb_connection connection) { engine_interrupt(connection); }

static _Thread_local cdb_row_fault fault;

cdb_row_fault cdb_last_row_fault(void) { return fault; }

// "… Error: CSV Error on Line: 7\nOriginal Line: …": the number, one of a few known reasons, and for a value that does
// not fit the column, which the engine names last, after everything that it quotes.
static void locate(const char *text) {
  static const char place[] = "CSV Error on Line: ", named[] = "\nColumn ", tail[] = " is being converted as type";
  static const struct { const char *words; int reason; } reasons[] = {
    {"\nError when converting column ", CDB_ROW_VALUE}, {"\nExpected Number of Columns: ", CDB_ROW_WIDTH},
    {"\nInvalid unicode ", CDB_ROW_ENCODING}, {"\nValue with unterminated quote found.", CDB_ROW_QUOTE},
  };
  memset(&fault, 0, sizeof fault);
  const char *start = text ? strstr(text, ": ") : NULL;
  if (!start || strncmp(start + 2, place, sizeof place - 1)) return;
  fault.line = strtoull(start + 2 + sizeof place - 1, NULL, 10);
  for (size_t i = 0; i < sizeof reasons / sizeof *reasons && !fault.reason; i++)
    if (strstr(start, reasons[i].words)) fault.reason = reasons[i].reason;
  if (fault.reason != CDB_ROW_VALUE) return;
  const char *column = NULL;
  for (const char *next = start; (next = strstr(next, named)); next += sizeof named - 1) column = next + sizeof named - 1;
  const char *end = column ? strstr(column, tail) : NULL;
  if (end && (size_t)(end - column) < sizeof fault.column) memcpy(fault.column, column, (size_t)(end - column));
}

// What the engine reports without a type still counts as an error.
static int error_of(cdb_result *result) {
  int type = engine_result_error_type(*result);
  // Without a type there may be no result behind it that could be asked.
  locate(type ? engine_result_error(result) : NULL);
  return type ? type : CDB_ERROR_INVALID_INPUT;
}

// Before a statement runs, the engine gives a text only. Its first words name the kind; nothing else of it is used.
static int kind_of(const char *text) {
  locate(text);
  static const struct { const char *words; int kind; } kinds[] = {
    {"IO Error", CDB_ERROR_IO}, {"Permission Error", CDB_ERROR_PERMISSION},
    {"Out of Memory Error", CDB_ERROR_OUT_OF_MEMORY}, {"INTERRUPT Error", CDB_ERROR_INTERRUPT},
    {"Conversion Error", CDB_ERROR_CONVERSION}, {"Out of Range Error", CDB_ERROR_OUT_OF_RANGE},
    {"Invalid Input Error", CDB_ERROR_INVALID_INPUT},
  };
  for (size_t i = 0; text && i < sizeof kinds / sizeof *kinds; i++)
    if (!strncmp(text, kinds[i].words, strlen(kinds[i].words))) return kinds[i].kind;
  return CDB_ERROR_STATEMENT;
}

int cdb_run(cdb_connection connection, const char *sql, cdb_result *out) {
  memset(out, 0, sizeof *out);
  cdb_statements statements = NULL;
  cdb_prepared prepared = NULL;
  cdb_pending pending = NULL;
  int error = CDB_ERROR_STATEMENT;
  if (engine_extract_statements(connection, sql, &statements) == 1) {
    if (engine_prepare_extracted_statement(connection, statements, 0, &prepared) != CDB_SUCCESS)
      error = kind_of(engine_prepare_error(prepared));
    else if (engine_pending_prepared_streaming(prepared, &pending) != CDB_SUCCESS)
      error = kind_of(engine_pending_error(pending));
    else
      error = engine_execute_pending(pending, out) == CDB_SUCCESS ? 0 : error_of(out);
    if (error == CDB_ERROR_INVALID_INPUT && !fault.line && pending) locate(engine_pending_error(pending));
  }
  engine_destroy_pending(&pending);
  engine_destroy_prepare(&prepared);
  engine_destroy_extracted(&statements);
  return error;
}

void cdb_destroy_result(cdb_result *result) { engine_destroy_result(result); }

cdb_chunk cdb_fetch(cdb_result *result, int *error) {
  cdb_chunk chunk = engine_fetch_chunk(*result);
  *error = chunk || !engine_result_error(result) ? 0 : error_of(result);
  return chunk;
}

idx_t cdb_column_count(cdb_result *result) { return engine_column_count(result); }
const char *cdb_column_name(cdb_result *result, idx_t column) { return engine_column_name(result, column); }
cdb_type cdb_column_type(cdb_result *result, idx_t column) { return engine_column_logical_type(result, column); }
int cdb_type_id(cdb_type type) { return engine_get_type_id(type); }
uint8_t cdb_decimal_width(cdb_type type) { return engine_decimal_width(type); }
uint8_t cdb_decimal_scale(cdb_type type) { return engine_decimal_scale(type); }
cdb_type cdb_create_type(int type) { return engine_create_logical_type(type); }
cdb_type cdb_create_decimal_type(uint8_t width, uint8_t scale) { return engine_create_decimal_type(width, scale); }
void cdb_destroy_type(cdb_type *type) { engine_destroy_logical_type(type); }
idx_t cdb_vector_size(void) { return engine_vector_size(); }
cdb_chunk cdb_create_chunk(cdb_type *types, idx_t count) { return engine_create_data_chunk(types, count); }
void cdb_destroy_chunk(cdb_chunk *chunk) { engine_destroy_data_chunk(chunk); }
void cdb_reset_chunk(cdb_chunk chunk) { engine_data_chunk_reset(chunk); }
idx_t cdb_chunk_size(cdb_chunk chunk) { return engine_data_chunk_get_size(chunk); }
void cdb_set_chunk_size(cdb_chunk chunk, idx_t size) { engine_data_chunk_set_size(chunk, size); }
cdb_vector cdb_chunk_vector(cdb_chunk chunk, idx_t column) { return engine_data_chunk_get_vector(chunk, column); }
void *cdb_vector_data(cdb_vector vector) { return engine_vector_get_data(vector); }
uint64_t *cdb_vector_validity(cdb_vector vector) { return engine_vector_get_validity(vector); }
void cdb_vector_make_validity(cdb_vector vector) { engine_vector_ensure_validity_writable(vector); }

int cdb_create_appender(cdb_connection connection, const char *table, cdb_appender *out) {
  return engine_appender_create(connection, NULL, table, out);
}
int cdb_append(cdb_appender appender, cdb_chunk chunk) { return engine_append_data_chunk(appender, chunk); }
int cdb_flush_appender(cdb_appender appender) { return engine_appender_flush(appender); }
int cdb_destroy_appender(cdb_appender *appender) { return engine_appender_destroy(appender); }

// duckdb_string_t: length, then 12 bytes in place or 4 of prefix and a pointer.
typedef union {
  struct {
    uint32_t length;
    char bytes[12];
  } near;
  struct {
    uint32_t length;
    char prefix[4];
    const char *bytes;
  } far;
} engine_string;
_Static_assert(sizeof(engine_string) == 16, "the engine's strings take 16 bytes");

static bool is_valid(const uint64_t *validity, size_t row) {
  return !validity || (validity[row >> 6] >> (row & 63) & 1);
}

size_t cdb_strings_size(const void *data, const uint64_t *validity, size_t count) {
  const engine_string *strings = data;
  size_t size = 0;
  for (size_t row = 0; row < count; row++)
    if (is_valid(validity, row)) size += strings[row].near.length;
  return size;
}

void cdb_strings_copy(const void *data, const uint64_t *validity, size_t count, uint32_t base, uint32_t *ends,
                      uint8_t *out) {
  const engine_string *strings = data;
  for (size_t row = 0; row < count; row++) {
    if (is_valid(validity, row)) {
      uint32_t length = strings[row].near.length;
      memcpy(out, length <= 12 ? strings[row].near.bytes : strings[row].far.bytes, length);
      out += length;
      base += length;
    }
    ends[row] = base;
  }
}

void cdb_strings_assign(cdb_vector vector, const uint32_t *offsets, const uint8_t *data, const uint64_t *validity,
                        size_t first, size_t count) {
  engine_string *strings = engine_vector_get_data(vector);
  for (size_t row = 0; row < count; row++) {
    if (!is_valid(validity, first + row)) continue;
    uint32_t start = offsets[first + row], length = offsets[first + row + 1] - start;
    if (length <= 12) {
      memset(&strings[row], 0, sizeof strings[row]);
      strings[row].near.length = length;
      memcpy(strings[row].near.bytes, data + start, length);
    } else {
      engine_vector_assign_string_element_len(vector, row, (const char *)data + start, length);
    }
  }
}
