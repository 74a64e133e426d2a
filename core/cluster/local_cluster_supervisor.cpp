#include "cluster/local_cluster_supervisor.h"

#include <algorithm>
#include <utility>

namespace vx11::cluster {

int LocalSupervisor::add(std::unique_ptr<LocalNode> node) {
  const auto number = static_cast<int>(owned_.size());
  infos_.append(node->info());
  connect(node.get(), &LocalNode::changed, this, [this, number, from = node.get()] {
    infos_[number] = from->info();
    Q_EMIT changed(number);
  });
  owned_.push_back(std::move(node));
  return number;
}

LocalNode* LocalSupervisor::find(int number) {
  return canChange_() && number >= 0 && number < infos_.size() ? owned_[static_cast<std::size_t>(number)].get() : nullptr;
}

void LocalSupervisor::start(int node) {
  if (LocalNode* found = find(node)) found->start();
}
void LocalSupervisor::stop(int node) {
  if (LocalNode* found = find(node)) found->stop();
}
void LocalSupervisor::pause(int node) {
  if (LocalNode* found = find(node)) found->pause();
}
void LocalSupervisor::resume(int node) {
  if (LocalNode* found = find(node)) found->resume();
}
void LocalSupervisor::kill(int node) {
  if (LocalNode* found = find(node)) found->kill();
}

void LocalSupervisor::sayGoodbye(std::chrono::milliseconds longest) {
  using Clock = std::chrono::steady_clock;
  const auto end = Clock::now() + longest;
  // Redis last, and not before it must: instances take their leave of it.
  for (const auto& node : owned_)
    if (node->info().kind == NodeInfo::Kind::Instance) node->sayGoodbye();
  for (const auto& node : owned_) {
    if (node->info().kind != NodeInfo::Kind::Instance) continue;
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
    node->waitForEnd(std::max(left, std::chrono::milliseconds(0)));
  }
}

}  // namespace vx11::cluster
