#include "observe/metrics.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>
#include <cmath>

namespace vx11::observe {
namespace {

void append(std::string& out, std::uint64_t value) {
  std::array<char, 20> text;
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value);
  out.append(text.data(), static_cast<std::size_t>(end - text.data()));
}

void append(std::string& out, double value) {
  if (std::isnan(value)) {
    out += "NaN";
  } else if (std::isinf(value)) {
    out += value > 0 ? "+Inf" : "-Inf";
  } else if (value == std::floor(value) && std::abs(value) < 1e15) {
    if (value < 0) out += '-';
    append(out, static_cast<std::uint64_t>(std::abs(value)));  // 1700000000 reads better than 1.7e+09
  } else {
    std::array<char, 32> text;
    const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value);
    out.append(text.data(), static_cast<std::size_t>(end - text.data()));
  }
}

/// HELP texts escape backslash and line feed; label values the quote as well.
void append_escaped(std::string& out, std::string_view text, bool quoted) {
  for (const char c : text) {
    if (c == '\\') {
      out += "\\\\";
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '"' && quoted) {
      out += "\\\"";
    } else {
      out += c;
    }
  }
}

/// `{a="1",b="2"}`, with one more label at the end when it has a name; nothing when there is none.
void append_labels(std::string& out, const Labels& labels, std::string_view extra_name = {},
                   std::string_view extra_value = {}) {
  if (labels.empty() && extra_name.empty()) return;
  char separator = '{';
  const auto append_one = [&](std::string_view name, std::string_view value) {
    out += separator;
    out += name;
    out += "=\"";
    append_escaped(out, value, true);
    out += '"';
    separator = ',';
  };
  for (const auto& [name, value] : labels) append_one(name, value);
  if (!extra_name.empty()) append_one(extra_name, extra_value);
  out += '}';
}

std::string_view type_name(Registry::Type type) noexcept {
  switch (type) {
    case Registry::Type::counter: return "counter";
    case Registry::Type::gauge: return "gauge";
    case Registry::Type::untyped: break;
  }
  return "untyped";
}

}  // namespace

std::size_t thread_stripe() noexcept {
  static std::atomic<std::size_t> next{0};
  thread_local const std::size_t mine = next.fetch_add(1, std::memory_order_relaxed) % stripe_count;
  return mine;
}

void Counter::add(std::uint64_t n) noexcept { cells_[thread_stripe()].value.fetch_add(n, std::memory_order_relaxed); }

std::uint64_t Counter::value() const noexcept {
  std::uint64_t total = 0;
  for (const auto& cell : cells_) total += cell.value.load(std::memory_order_relaxed);
  return total;
}

struct Registry::Family {
  struct Series {
    Labels labels;
    std::unique_ptr<Counter> counter;
    std::unique_ptr<Histogram> histogram;
    std::vector<double> bounds;
    std::function<double()> read;
  };

  std::string name;
  std::string help;
  std::string_view type;
  std::vector<Series> series;

  Series& with(Labels labels) {
    const auto found = std::find_if(series.begin(), series.end(), [&](const Series& s) { return s.labels == labels; });
    if (found != series.end()) return *found;
    series.push_back({std::move(labels), nullptr, nullptr, {}, nullptr});
    return series.back();
  }

  void render(std::string& out) const {
    out += "# HELP " + name + ' ';
    append_escaped(out, help, false);
    out += "\n# TYPE " + name + ' ';
    out += type;
    out += '\n';
    for (const auto& one : series) one.histogram ? render_histogram(out, one) : render_value(out, one);
  }

  void render_value(std::string& out, const Series& one) const {
    out += name;
    append_labels(out, one.labels);
    out += ' ';
    if (one.counter) {
      append(out, one.counter->value());
    } else {
      append(out, one.read());
    }
    out += '\n';
  }

  void render_histogram(std::string& out, const Series& one) const {
    const auto snapshot = one.histogram->snapshot();
    const auto bucket = [&](std::string_view bound, std::uint64_t count) {
      out += name + "_bucket";
      append_labels(out, one.labels, "le", bound);
      out += ' ';
      append(out, count);
      out += '\n';
    };
    for (const double bound : one.bounds) {
      std::string text;
      append(text, bound);
      bucket(text, snapshot.count_up_to(std::chrono::nanoseconds{std::llround(bound * 1e9)}));
    }
    bucket("+Inf", snapshot.count);
    out += name + "_sum";
    append_labels(out, one.labels);
    out += ' ';
    append(out, static_cast<double>(snapshot.sum_ns) / 1e9);
    out += '\n' + name + "_count";
    append_labels(out, one.labels);
    out += ' ';
    append(out, snapshot.count);
    out += '\n';
  }
};

Registry::Registry() = default;
Registry::~Registry() = default;

Registry::Family& Registry::family(std::string name, std::string help, std::string_view type) {
  const auto found = std::find_if(families_.begin(), families_.end(), [&](const auto& f) { return f->name == name; });
  if (found != families_.end()) {
    assert((*found)->type == type && "one name has one type");
    return **found;
  }
  families_.push_back(std::make_unique<Family>(Family{std::move(name), std::move(help), type, {}}));
  return *families_.back();
}

Counter& Registry::counter(std::string name, std::string help, Labels labels) {
  auto& series = family(std::move(name), std::move(help), "counter").with(std::move(labels));
  if (!series.counter) series.counter = std::make_unique<Counter>();
  return *series.counter;
}

Histogram& Registry::histogram(std::string name, std::string help, std::vector<double> bounds, Labels labels) {
  auto& series = family(std::move(name), std::move(help), "histogram").with(std::move(labels));
  if (!series.histogram) {
    series.histogram = std::make_unique<Histogram>();
    series.bounds = std::move(bounds);
  }
  return *series.histogram;
}

void Registry::sampled(Type type, std::string name, std::string help, std::function<double()> read, Labels labels) {
  family(std::move(name), std::move(help), type_name(type)).with(std::move(labels)).read = std::move(read);
}

std::string Registry::render() const {
  std::string out;
  out.reserve(16U * 1024U);
  for (const auto& family : families_) family->render(out);
  return out;
}

}  // namespace vx11::observe
