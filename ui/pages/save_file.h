// Asks where to save and does it beside the window: no event loop of its own, nothing written by the GUI thread, and
// the old file stays whole if writing fails.
#pragma once

#include <QByteArray>
#include <QList>
#include <QString>
#include <functional>

class QWidget;

namespace vx11::ui {

struct SaveRequest {
  QString title;
  QString fileName;                  ///< proposed, with its suffix
  QString filter;                    ///< "Tables (*.csv)"
  std::function<QByteArray()> make;  ///< the content; called on another thread, so it owns what it uses
};

/// `done` gets the sentence for the status bar, in the GUI thread, if `parent` still lives.
void saveFile(QWidget* parent, SaveRequest request, std::function<void(const QString&)> done);

/// One of the forms in which a page can be saved.
struct SaveFormat {
  QString filter;                               ///< "Tables (*.csv)"
  QString suffix;                               ///< "csv"
  std::function<QByteArray()> make;             ///< as above
  std::function<void(const QString&)> write = {};  ///< instead of `make`: writes to that path by itself, and tells of it
};

/// The same with a choice: the form is chosen in the dialog, or by the suffix that is typed. `stem`: the proposed name
/// without time and suffix ("vx11-tokens").
void saveFileAs(QWidget* parent, const QString& title, const QString& stem, const QList<SaveFormat>& formats,
                std::function<void(const QString&)> done);

/// A picture of what the widget shows now, as PNG.
[[nodiscard]] SaveFormat pictureOf(QWidget& widget);

}  // namespace vx11::ui
