// The connection test beside the profile it tests: a verdict, and the steps as they come.
#pragma once

#include <memory>

#include "cluster/connection_test.h"
#include "dialogs/framed_box.h"

class QPushButton;

namespace vx11::ui {

class ConnectionSteps;
class MarkLabel;

class ConnectionPanel : public FramedBox {
  Q_OBJECT
 public:
  explicit ConnectionPanel(QWidget* parent = nullptr);
  ~ConnectionPanel() override;

  void run(const cluster::Profile& profile, const cluster::ConnectionTest::Secrets& secrets);
  /// What was tested is no longer what is typed.
  void outdate();
  [[nodiscard]] bool isRunning() const { return test_ && test_->isRunning(); }
  [[nodiscard]] QString verdict() const;
  [[nodiscard]] ConnectionSteps& steps() { return *steps_; }
  [[nodiscard]] QPushButton& button() { return *button_; }

 Q_SIGNALS:
  void runRequested();

 private:
  void refresh();
  void finish();

  SystemClock clock_;
  SystemRandom random_;
  std::unique_ptr<cluster::ConnectionTest> test_;
  MarkLabel* verdict_;
  QPushButton* button_;
  ConnectionSteps* steps_;
  bool stopped_ = false;
};

}  // namespace vx11::ui
