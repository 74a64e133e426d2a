#include "redis/cluster_operation.h"

#include <algorithm>
#include <span>
#include <utility>

namespace vx11::redis {

ClusterOperation::ClusterOperation(Request request, Instant deadline, Instant last_deadline, Client::Handler handler,
                                   Client::Handler late)
    : request_(std::move(request)),
      deadline_(deadline),
      last_deadline_(last_deadline),
      handler_(std::move(handler)),
      late_(std::move(late)) {
  commands_.reserve(request_.commands());
  CommandReader reader(request_.bytes());
  std::vector<std::string_view> words;
  bool only_waits = true;
  for (const char* begin = request_.bytes().data(); reader.next(words); begin = reader.rest().data()) {
    Command& command = commands_.emplace_back();
    command.route = route_of(words);
    command.bytes = {begin, static_cast<std::size_t>(reader.rest().data() - begin)};
    only_waits = only_waits && command.route.kind == Route::Kind::wait;
  }
  for (Command& command : commands_) {
    if (only_waits) command.route.kind = Route::Kind::anywhere;
    if (command.route.kind != Route::Kind::wait) ++open_;
  }
}

Request ClusterOperation::part(const Numbers& numbers, bool asking) const {
  Request part;
  std::vector<std::string_view> words;
  for (const std::uint32_t number : numbers) {
    const Command& command = commands_[number];
    static_cast<void>(CommandReader(command.bytes).next(words));
    if (command.scan && words.size() > 1) words[1] = command.scan->cursor;
    if (asking) part.add({"ASKING"});
    part.add(words);
  }
  return part;
}

void ClusterOperation::answer(std::uint32_t number, const Reply& reply) {
  Command& command = commands_[number];
  if (std::exchange(command.answered, true)) return;
  command.reply = memory_.keep(reply);
  --open_;
}

void ClusterOperation::answer_error(std::uint32_t number, std::string_view text) {
  answer(number, memory_.error(text));
}

void ClusterOperation::keep(std::uint32_t number, const Reply& reply) {
  commands_[number].reply = memory_.keep(reply);
  commands_[number].has_reply = true;
}

void ClusterOperation::fail(const Numbers& numbers, Fault fault, std::string_view why) {
  for (const std::uint32_t number : numbers) {
    Command& command = commands_[number];
    if (command.route.kind == Route::Kind::wait || std::exchange(command.answered, true)) continue;
    --open_;
    if (command.has_reply) continue;
    command.reply =
        command.past_it.empty() ? memory_.error("NOANSWER " + std::string(why)) : page_before(command.past_it);
    goes_on_ = goes_on_ || !command.past_it.empty();
    ++without_answer_;
    if (fault_ != Fault::none) continue;
    fault_ = fault;
    error_ = why;
  }
}

void ClusterOperation::wait_reply(const Numbers& numbers, const Reply& reply) {
  for (const std::uint32_t number : numbers) {
    Command& command = commands_[number];
    if (command.route.kind == Route::Kind::wait) {
      command.answered = true;
    } else {
      command.replicas = reply.type == Reply::Type::integer ? reply.integer : -1;
    }
  }
}

Reply ClusterOperation::replicas_of_each() {
  std::vector<Reply> each(commands_.size());
  for (std::size_t i = 0; i < each.size(); ++i) {
    if (commands_[i].replicas < 0) continue;
    each[i].type = Reply::Type::integer;
    each[i].integer = commands_[i].replicas;
  }
  return memory_.keep({Reply::Type::array, 0, {}, each.data(), each.size()});
}

/// With nothing on it.
Reply ClusterOperation::page_before(std::string_view cursor) {
  Reply parts[2];
  parts[0].type = Reply::Type::text;
  parts[0].text = cursor;
  parts[1].type = Reply::Type::array;
  return memory_.keep({Reply::Type::array, 0, {}, parts, 2});
}

bool ClusterOperation::is_whole(const Numbers& numbers) const noexcept {
  return numbers.size() == commands_.size() &&
         std::none_of(commands_.begin(), commands_.end(),
                      [](const Command& command) { return command.scan.has_value(); });
}

std::string_view ClusterOperation::refusal() const noexcept {
  if (without_answer_ > 0) return error_;
  for (const Command& command : commands_) {
    if (command.reply.is_error() && redis::is_failing(fault_of(command.reply.text))) return command.reply.text;
  }
  return {};
}

std::optional<Fault> ClusterOperation::finish() {
  if (open_ > 0 || std::exchange(finished_, true)) return std::nullopt;
  std::vector<Reply> replies;
  replies.reserve(commands_.size());
  std::size_t waits = 0;
  for (Command& command : commands_) {
    if (command.route.kind == Route::Kind::wait) {
      ++waits;
      command.reply = command.answered ? replicas_of_each() : memory_.error("NOANSWER " + error_);
    }
    replies.push_back(command.reply);
  }
  Answer answer = answer_of(replies);
  if (without_answer_ > 0) answer = {fault_, error_, replies};
  if (without_answer_ + waits == commands_.size() && !goes_on_) answer.replies = {};
  const Fault fault = answer.fault;
  tell(answer);
  return fault;
}

void ClusterOperation::tell(const Answer& answer) {
  if (!std::exchange(told_, true)) {
    std::exchange(handler_, {})(answer);
  } else if (late_ && !answer.replies.empty()) {
    std::exchange(late_, {})(answer);
  }
}

void ClusterOperation::patience_is_over(std::string_view why) {
  if (std::exchange(told_, true)) return;
  std::exchange(handler_, {})({Fault::timed_out, why, {}});
}

}  // namespace vx11::redis
