//! What `OPTIONS` says: the doc strings of dj-rest-auth's views and the fields of its serializers.

use serde_json::{Value, json};

pub(super) const LOGIN: &str = "Check the credentials and return the REST Token\n\
                                if the credentials are valid and authenticated.\n\
                                Calls Django Auth login method to register User ID\n\
                                in Django session framework\n\n\
                                Accept the following POST parameters: username, password\n\
                                Return the REST Framework Token Object's key.";

pub(super) const LOGOUT: &str = "Calls Django logout method and delete the Token object\n\
                                 assigned to the current User object.\n\n\
                                 Accepts/Returns nothing.";

pub(super) const USER: &str = "Reads and updates UserModel fields\n\
                               Accepts GET, PUT, PATCH methods.\n\n\
                               Default accepted fields: username, first_name, last_name\n\
                               Default display fields: pk, username, email, first_name, last_name\n\
                               Read-only fields: pk, email\n\n\
                               Returns UserModel fields.";

pub(super) const PASSWORD_CHANGE: &str = "Calls Django Auth SetPasswordForm save method.\n\n\
                                          Accepts the following POST parameters: new_password1, new_password2\n\
                                          Returns the success/fail message.";

pub(super) const PASSWORD_RESET: &str = "Calls Django Auth PasswordResetForm save method.\n\n\
                                         Accepts the following POST parameters: email\n\
                                         Returns the success/fail message.";

pub(super) const PASSWORD_RESET_CONFIRM: &str = "Password reset e-mail link is confirmed, therefore\n\
     this resets the user's password.\n\n\
     Accepts the following POST parameters: token, uid,\n    new_password1, new_password2\n\
     Returns the success/fail message.";

pub(super) const REGISTRATION: &str =
    "Registers a new user.\n\nAccepts the following POST parameters: username, email, password1, password2.";

pub(super) const VERIFY_EMAIL: &str = "Verifies the email associated with the provided key.\n\n\
                                       Accepts the following POST parameter: key.";

pub(super) const RESEND_EMAIL: &str = "Resends another email to an unverified email.\n\n\
                                       Accepts the following POST parameter: email.";

const NAME_HELP: &str = "Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.";

fn field(kind: &str, label: &str, is_required: bool) -> Value {
    json!({"type": kind, "required": is_required, "read_only": false, "label": label})
}

fn short(label: &str, is_required: bool, max_length: usize) -> Value {
    let mut field = field("string", label, is_required);
    field["max_length"] = max_length.into();
    field
}

fn read_only(kind: &str, label: &str) -> Value {
    json!({"type": kind, "required": false, "read_only": true, "label": label})
}

pub(super) fn login() -> Value {
    json!({"POST": {
        "username": field("string", "Username", false),
        "email": field("email", "Email", false),
        "password": field("string", "Password", true),
    }})
}

pub(super) fn user() -> Value {
    let mut username = short("Username", true, 150);
    username["help_text"] = NAME_HELP.into();
    json!({"PUT": {
        "pk": read_only("integer", "ID"),
        "username": username,
        "email": read_only("email", "Email"),
        "first_name": short("First name", false, 150),
        "last_name": short("Last name", false, 150),
    }})
}

pub(super) fn password_change() -> Value {
    json!({"POST": {
        "old_password": short("Old password", true, 128),
        "new_password1": short("New password1", true, 128),
        "new_password2": short("New password2", true, 128),
    }})
}

pub(super) fn email() -> Value {
    json!({"POST": {"email": field("email", "Email", true)}})
}

pub(super) fn password_reset_confirm() -> Value {
    json!({"POST": {
        "new_password1": short("New password1", true, 128),
        "new_password2": short("New password2", true, 128),
        "uid": field("string", "Uid", true),
        "token": field("string", "Token", true),
    }})
}

pub(super) fn registration() -> Value {
    let mut username = short("Username", true, 150);
    username["min_length"] = 1.into();
    json!({"POST": {
        "username": username,
        "email": field("email", "Email", true),
        "password1": field("string", "Password1", true),
        "password2": field("string", "Password2", true),
    }})
}

pub(super) fn verify_email() -> Value {
    json!({"POST": {"key": field("string", "Key", true)}})
}

pub(super) fn refresh() -> Value {
    let mut refresh = field("string", "Refresh", false);
    refresh["help_text"] = "WIll override cookie.".into();
    json!({"POST": {"refresh": refresh, "access": read_only("string", "Access")}})
}
