// Asks where to save and does it beside the window: no event loop of its own, nothing written by the GUI thread, and
// the old file stays whole if writing fails.
#pragma once

#include <QByteArray>
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

}  // namespace vx11::ui
