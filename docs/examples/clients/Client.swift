// A client for iOS and macOS: logs in, refreshes the access token when it has expired, logs out.
// Keep the refresh token in the Keychain if users shall stay logged in.

import Foundation

actor Doorward {
    struct Failure: Error {
        let status: Int
        /// {"detail": "…"}, or a list of errors for each field.
        let body: String
    }

    private struct Tokens: Decodable {
        let access: String
        /// With rotation there is a new refresh token, and the old one is used up.
        let refresh: String?
    }

    private let base: URL
    private var access = ""
    private var refresh = ""
    private var refreshing: Task<Void, Error>?

    init(base: URL) {
        self.base = base
    }

    func logIn(username: String, password: String) async throws {
        keep(try await post("api/token/", ["username": username, "password": password]))
    }

    func get<Value: Decodable>(_ path: String, as type: Value.Type) async throws -> Value {
        do {
            return try await send(authorized(path))
        } catch let failure as Failure where failure.status == 401 {
            try await refreshOnce()
            return try await send(authorized(path))
        }
    }

    func logOut() async throws {
        let _: [String: String] = try await post("api/token/blacklist/", ["refresh": refresh])
        (access, refresh) = ("", "")
    }

    /// Requests that fail together wait for one refresh.
    private func refreshOnce() async throws {
        if refreshing == nil {
            refreshing = Task {
                defer { refreshing = nil }
                keep(try await post("api/token/refresh/", ["refresh": refresh]))
            }
        }
        try await refreshing?.value
    }

    private func keep(_ tokens: Tokens) {
        access = tokens.access
        refresh = tokens.refresh ?? refresh
    }

    private func authorized(_ path: String) -> URLRequest {
        var request = URLRequest(url: base.appendingPathComponent(path))
        request.setValue("Bearer \(access)", forHTTPHeaderField: "Authorization")
        return request
    }

    private func post<Value: Decodable>(_ path: String, _ body: [String: String]) async throws -> Value {
        var request = URLRequest(url: base.appendingPathComponent(path))
        request.httpMethod = "POST"
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        request.httpBody = try JSONEncoder().encode(body)
        return try await send(request)
    }

    private func send<Value: Decodable>(_ request: URLRequest) async throws -> Value {
        let (data, response) = try await URLSession.shared.data(for: request)
        let status = (response as? HTTPURLResponse)?.statusCode ?? 0
        guard status < 400 else { throw Failure(status: status, body: String(decoding: data, as: UTF8.self)) }
        return try JSONDecoder().decode(Value.self, from: data)
    }
}
