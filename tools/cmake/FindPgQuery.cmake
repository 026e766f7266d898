# Finds libpg_query: the one that tools/fetch_pg_query.sh unpacked, else the system's. Sets the target
# pg_query and PGSIFT_PG_QUERY_VERSION. Versions 15 to 18 all work; the newest knows the newest SQL.
set(fetched ${PROJECT_SOURCE_DIR}/build/deps/pg_query)
if(NOT PGSIFT_SYSTEM_PG_QUERY)
  execute_process(COMMAND ${PROJECT_SOURCE_DIR}/tools/fetch_pg_query.sh ${PROJECT_SOURCE_DIR}/build/deps
                  RESULT_VARIABLE fetch_result OUTPUT_VARIABLE fetch_output ERROR_VARIABLE fetch_error
                  OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_STRIP_TRAILING_WHITESPACE)
  if(fetch_output)
    message(STATUS "${fetch_output}")
  endif()
  if(fetch_error)
    message(STATUS "${fetch_error}")
  endif()
endif()
if(EXISTS ${fetched}/lib/libpg_query.a AND NOT PGSIFT_SYSTEM_PG_QUERY)
  set(pg_query_library ${fetched}/lib/libpg_query.a)
  set(pg_query_include ${fetched}/include)
else()
  find_library(pg_query_library pg_query REQUIRED)
  find_path(pg_query_include pg_query.h REQUIRED)
endif()
file(STRINGS ${pg_query_include}/pg_query.h version_line REGEX "define PG_MAJORVERSION ")
string(REGEX REPLACE ".*\"([0-9]+)\".*" "\\1" PGSIFT_PG_QUERY_VERSION "${version_line}")
message(STATUS "PostgreSQL grammar: ${PGSIFT_PG_QUERY_VERSION} (${pg_query_library})")

# After the library on the link line, and outside link-time optimization: it is the only one that asks
# for these symbols.
add_library(pg_query_libc STATIC ${PROJECT_SOURCE_DIR}/tools/cmake/pg_query_libc.c)
target_compile_options(pg_query_libc PRIVATE -fno-lto)

add_library(pg_query STATIC IMPORTED GLOBAL)
find_package(Threads REQUIRED)
set_target_properties(pg_query PROPERTIES IMPORTED_LOCATION ${pg_query_library}
  INTERFACE_INCLUDE_DIRECTORIES ${pg_query_include}
  INTERFACE_LINK_LIBRARIES "pg_query_libc;m;Threads::Threads")
