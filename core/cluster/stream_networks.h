// Connections for streams: a manager of Qt's holds six to a host, and a stream keeps its own for as long as it lives.
#pragma once

#include <QNetworkAccessManager>
#include <QUrl>
#include <functional>
#include <map>
#include <memory>
#include <vector>

namespace vx11::cluster {

/// Gives a manager that has a connection to spare for one more holder; it ends with its last holder.
class StreamNetworks {
 public:
  using Make = std::function<std::unique_ptr<QNetworkAccessManager>(const QUrl& origin)>;
  static constexpr long holdersOfOne = 6;

  explicit StreamNetworks(Make make) : make_(std::move(make)) {}

  [[nodiscard]] std::shared_ptr<QNetworkAccessManager> take(const QUrl& origin) {
    auto& managers = managers_[origin];
    std::erase_if(managers, [](const auto& manager) { return manager.expired(); });
    for (const auto& manager : managers) {
      if (manager.use_count() < holdersOfOne) return manager.lock();
    }
    const std::shared_ptr<QNetworkAccessManager> made = make_(origin);
    managers.push_back(made);
    return made;
  }

 private:
  Make make_;
  std::map<QUrl, std::vector<std::weak_ptr<QNetworkAccessManager>>> managers_;
};

}  // namespace vx11::cluster
