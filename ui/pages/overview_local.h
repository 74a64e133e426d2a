// The running local server on the first-start view: where it listens, its principal (hidden until asked for), and how
// to reach it from a shell.
#pragma once

#include <QTimer>

#include "pages/overview_instance.h"
#include "pages/page.h"

namespace vx11::ui {

class KeyValueRow;
class TextLabel;

/// The principal stands as twelve dots; the eye reveals it for `revealMs`, and it hides at once when asked to.
class LocalServerCard : public Card {
  Q_OBJECT
 public:
  LocalServerCard(const Services& services, int revealMs, QWidget* parent = nullptr);
  void display(const cluster::InstanceInfo& info, const overview::Look& look);
  void hidePrincipal();

 Q_SIGNALS:
  void chosen(vx11::ui::InstanceVerb verb);

 private:
  void revealPrincipal();
  Services services_;
  QTimer hideTimer_;
  Figure *tokens_, *streams_;
  KeyValueRow *address_, *principal_, *calls_, *started_;
  IconButton *eye_, *copy_;
  ElidedLabel* foot_;
  InstanceMenu* menu_;
};

/// The curl line that issues a token; the principal comes from the environment and is not in it.
class ShellCard : public Card {
  Q_OBJECT
 public:
  explicit ShellCard(QWidget* parent = nullptr);
  void display(const QUrl& instance);
  [[nodiscard]] QString command() const { return command_; }

 Q_SIGNALS:
  void copyAsked(const QString& command);

 private:
  QString command_;
  TextLabel* text_;
};

}  // namespace vx11::ui
