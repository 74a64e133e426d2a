#include "api/json_answer.h"

namespace vx11::api {

void send_json(http::Responder& responder, int status, std::string_view body) {
  http::Response response;
  response.status = status;
  response.headers = no_store;
  response.body = body;
  responder.send(response);
}

}  // namespace vx11::api
