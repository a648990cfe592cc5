// Node's functions. Windows would bind them to a program of the name node.exe, which an editor's is not; there they are
// looked up in the program itself.
#include <node_api.h>
#ifdef _WIN32
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#define NODE_FUNCTIONS(X) \
  X(napi_throw_error) X(napi_get_cb_info) X(napi_get_value_external) X(napi_get_value_int64) X(napi_get_value_string_utf8) \
  X(napi_create_string_utf8) X(napi_create_array) X(napi_create_int32) X(napi_create_external) X(napi_create_function) \
  X(napi_get_typedarray_info) X(napi_set_element) X(napi_set_named_property)
#define POINTER(name) static __typeof__(&name) host_##name;
NODE_FUNCTIONS(POINTER)
static int findNode(void) {
#define FIND(name) && (host_##name = (__typeof__(&name))(void *)GetProcAddress(GetModuleHandleA(0), #name)) != 0
  return 1 NODE_FUNCTIONS(FIND);
}
#define napi_throw_error host_napi_throw_error
#define napi_get_cb_info host_napi_get_cb_info
#define napi_get_value_external host_napi_get_value_external
#define napi_get_value_int64 host_napi_get_value_int64
#define napi_get_value_string_utf8 host_napi_get_value_string_utf8
#define napi_create_string_utf8 host_napi_create_string_utf8
#define napi_create_array host_napi_create_array
#define napi_create_int32 host_napi_create_int32
#define napi_create_external host_napi_create_external
#define napi_create_function host_napi_create_function
#define napi_get_typedarray_info host_napi_get_typedarray_info
#define napi_set_element host_napi_set_element
#define napi_set_named_property host_napi_set_named_property
#else
static int findNode(void) { return 1; }
#endif
