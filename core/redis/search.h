// A question that is put to several servers in turn, until one of them knows the answer. A search says whom to ask next
// and what the answers mean; it does no I/O (`inquiry.h` does).
#pragma once

#include <optional>

#include <boost/system/result.hpp>

#include "redis/address.h"
#include "redis/client.h"
#include "redis/request.h"
#include "redis/trouble.h"

namespace vx11::redis {

class Search {
 public:
  virtual ~Search() = default;
  /// A new round; whoever knew the answer last time is asked first.
  virtual void begin() = 0;
  /// Whom to ask next; nothing: all have been asked.
  [[nodiscard]] virtual std::optional<Address> next() = 0;
  [[nodiscard]] virtual Request question() const = 0;
  /// What the one said whom next() named last: its replies, or without any, why there is none. True: the search is
  /// over.
  [[nodiscard]] virtual bool take(const Answer& answer) = 0;
};

/// Looks for a server.
class AddressSearch : public Search {
 public:
  /// Of the round that is over; the trouble's sentence says what each answered.
  [[nodiscard]] virtual boost::system::result<Address, Trouble> outcome() const = 0;
  /// What was found is no good: next time somebody else is asked first.
  virtual void doubt() = 0;
};

}  // namespace vx11::redis
