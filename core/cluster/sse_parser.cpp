#include "cluster/sse_parser.h"

#include <algorithm>

namespace vx11::cluster {

bool SseParser::feed(QByteArrayView bytes, std::vector<SseEvent>& events) {
  while (!broken_ && !bytes.isEmpty()) {
    if (skipLf_) {
      skipLf_ = false;
      if (bytes.front() == '\n') bytes = bytes.sliced(1);
      continue;
    }
    const auto end = std::find_if(bytes.begin(), bytes.end(), [](char c) { return c == '\n' || c == '\r'; });
    const qsizetype length = end - bytes.begin();
    if (line_.size() + length > maxBytes_) {
      broken_ = true;
      break;
    }
    line_.append(bytes.first(length));
    if (end == bytes.end()) break;
    skipLf_ = *end == '\r';
    bytes = bytes.sliced(length + 1);
    endLine(events);
  }
  return !broken_;
}

void SseParser::endLine(std::vector<SseEvent>& events) {
  QByteArrayView line(line_);
  if (firstLine_ && line.startsWith("\xEF\xBB\xBF")) line = line.sliced(3);
  firstLine_ = false;
  if (line.isEmpty()) {
    dispatch(events);
  } else if (line.front() != ':') {
    const qsizetype colon = line.indexOf(':');
    if (colon < 0) {
      field(line, {});
    } else {
      QByteArrayView value = line.sliced(colon + 1);
      if (value.startsWith(' ')) value = value.sliced(1);
      field(line.first(colon), value);
    }
  }
  line_.resize(0);  // keeps the memory for the next line
}

void SseParser::field(QByteArrayView name, QByteArrayView value) {
  if (name == "data") {
    if (data_.size() + value.size() + 1 > maxBytes_) {
      broken_ = true;
      return;
    }
    data_.append(value).append('\n');
  } else if (name == "event") {
    type_ = value.toByteArray();
  } else if (name == "id") {
    if (!value.contains('\0')) id_ = value.toByteArray();
  } else if (name == "retry") {
    const bool digits = !value.isEmpty() && value.size() < 10 &&
                        std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (digits) retry_ = value.toByteArray().toLongLong();
  }
}

void SseParser::dispatch(std::vector<SseEvent>& events) {
  lastId_ = id_;
  if (!data_.isEmpty()) {
    data_.chop(1);
    events.push_back({type_.isEmpty() ? QByteArrayLiteral("message") : type_, data_, lastId_});
    data_.clear();
  }
  type_.clear();
}

}  // namespace vx11::cluster
