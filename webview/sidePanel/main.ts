import '../shared/base.css';
import './page.css';
import { SidePanelPage } from './page';

customElements.define('ibrl-side-panel', SidePanelPage);
document.body.append(document.createElement('ibrl-side-panel'));
