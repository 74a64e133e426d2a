// The nodes of a local cluster as the Supervisor that pages see: to them it does nothing while the cluster is
// read-only.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "cluster/local_cluster_node.h"

namespace vx11::cluster {

class LocalSupervisor final : public Supervisor {
  Q_OBJECT
 public:
  /// Asked before each of the Supervisor's verbs.
  explicit LocalSupervisor(std::function<bool()> canChange) : canChange_(std::move(canChange)) {}

  /// Its number.
  int add(std::unique_ptr<LocalNode> node);
  [[nodiscard]] LocalNode& node(int number) { return *owned_[static_cast<std::size_t>(number)]; }
  /// Asks all to end, in at most so long together; what runs after that is killed with us.
  void sayGoodbye(std::chrono::milliseconds longest);

  [[nodiscard]] const QList<NodeInfo>& nodes() const override { return infos_; }
  void start(int node) override;
  void stop(int node) override;
  void pause(int node) override;
  void resume(int node) override;
  void kill(int node) override;

 private:
  /// Null where it may not be touched.
  [[nodiscard]] LocalNode* find(int number);

  std::function<bool()> canChange_;
  std::vector<std::unique_ptr<LocalNode>> owned_;
  QList<NodeInfo> infos_;
};

}  // namespace vx11::cluster
