// The lines that "Copy curl" and "EventSource" put on the clipboard. The principal is never in them; the value of a
// token is where it is given, and then they are secrets.
#pragma once

#include <QString>
#include <QUrl>

namespace vx11::ui::tokens {

/// Opens the stream with this token.
[[nodiscard]] QString streamCurl(const QUrl& instance, const QString& token);
/// The same in a browser; without a token a variable `token` is expected there.
[[nodiscard]] QString eventSource(const QUrl& instance, const QString& token = {});

}  // namespace vx11::ui::tokens
