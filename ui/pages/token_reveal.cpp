#include "pages/token_reveal.h"

#include "widgets/format.h"

namespace vx11::ui {

bool TokenReveal::toggle(const cluster::TokenId& id) {
  if (shows(id)) {
    hide();
    return true;
  }
  const auto text = cluster_.tokens().value(id);
  if (!text) return false;
  const auto bytes = text->reveal();
  value_ = QString::fromLatin1(bytes.data(), static_cast<qsizetype>(bytes.size()));
  shown_ = id;
  until_ = cluster_.now() + revealSeconds * 1000;
  Q_EMIT changed();
  return true;
}

void TokenReveal::hide() {
  if (!shown_) return;
  shown_.reset();
  value_.fill(u' ');
  value_.clear();
  Q_EMIT changed();
}

void TokenReveal::tick() {
  if (shown_ && (secondsLeft() == 0 || !cluster_.tokens().value(*shown_))) hide();
}

int TokenReveal::secondsLeft() const { return shown_ ? format::secondsLeft(until_ - cluster_.now()) : 0; }

}  // namespace vx11::ui
