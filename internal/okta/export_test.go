package okta

// NewSDK is the SDK's client without the transport under it, for the test of what the SDK does by itself.
var NewSDK = newSDK
