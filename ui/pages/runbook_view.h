// The runbook of one rule: what it means, where to look, what to do. Read-only, and it opens nothing.
#pragma once

#include <QTextBrowser>

#include "cluster/alert_thresholds.h"

namespace vx11::ui {

class RunbookView : public QTextBrowser {
  Q_OBJECT
 public:
  explicit RunbookView(QWidget* parent = nullptr);
  void showRunbook(cluster::AlertKind kind);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void write();
  std::optional<cluster::AlertKind> kind_;
};

}  // namespace vx11::ui
