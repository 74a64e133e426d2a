// The verbs of the toolbar and menus that need no page: copy principal or address. What came of it is one
// sentence for the status bar.
#pragma once

#include <QObject>

#include "pages/page.h"

namespace vx11::ui {

class Verbs : public QObject {
  Q_OBJECT
 public:
  static constexpr qint64 principalLifeMs = 30'000;

  explicit Verbs(const Services& services, QObject* parent = nullptr);
  void copyPrincipal();
  void copyAddress();

 Q_SIGNALS:
  void message(const QString& text);

 private:
  Services services_;
};

}  // namespace vx11::ui
